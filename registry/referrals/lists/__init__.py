"""Lists of referrals: what an office has to answer, what an office sent; narrowed, in an order, page by page."""
