"""The procedure itself as pure rules over versioned data: no web, no database, no clock."""
