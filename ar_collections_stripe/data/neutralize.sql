-- A copy of a database listens to no events of Stripe. A version may not have one of the fields yet.
DO $$
DECLARE
    field name;
BEGIN
    FOREACH field IN ARRAY ARRAY['ar_stripe_webhook_secret', 'ar_stripe_account'] LOOP
        IF EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = to_regclass('payment_provider') AND attname = field AND NOT attisdropped) THEN
            EXECUTE format('UPDATE payment_provider SET %I = NULL', field);
        END IF;
    END LOOP;
END $$;
