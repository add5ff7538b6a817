-- Replies to a copy of the database are not expected: no gateway has its key.
UPDATE res_company SET ar_sms_inbound_hash = NULL;
