-- a copy of a database listens to no events of Stripe
UPDATE payment_provider SET ar_stripe_webhook_secret = NULL, ar_stripe_account = NULL;
