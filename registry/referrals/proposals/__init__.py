"""What the rules propose for children: gathered, reckoned, shown to the registrar, confirmed or declined."""
