"""The slip of a referral on paper: printed, found again when it comes back."""
