-- Replies to a copy of the database are not expected: no gateway has its key. A version may not have the field yet.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_attribute
                WHERE attrelid = to_regclass('res_company') AND attname = 'ar_sms_inbound_hash' AND NOT attisdropped) THEN
        UPDATE res_company SET ar_sms_inbound_hash = NULL;
    END IF;
END $$;
