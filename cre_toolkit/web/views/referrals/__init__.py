"""The pages of referrals: the inbox, one of them, referring, what reaches nobody, sealed documents."""
