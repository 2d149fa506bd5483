"""How offices perform: counted in the night, read by pages of statistics."""
