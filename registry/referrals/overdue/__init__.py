"""What offices have not answered in time: it climbs to supervisors, who see it, write letters and send messages."""
