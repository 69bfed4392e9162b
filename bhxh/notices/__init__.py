"""Letters and e-mail: templates, outbox, delivery."""
