"""What customers answer: reading their mails by rules, reading days in them, and telling look-alike senders."""
