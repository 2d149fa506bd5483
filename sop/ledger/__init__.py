"""Ledgers read: from the cells of any spreadsheet of children to what each row says and what becomes of it."""
