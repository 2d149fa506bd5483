"""Lists that leave the register as spreadsheets, and a service office's answers that come back in one."""
