-- a copy of a database reminds nobody
UPDATE res_company SET ar_active = FALSE;
-- and charges nobody
UPDATE ar_autopay_consent SET ended_on = now() AT TIME ZONE 'UTC', ended_reason = 'Copy of a database' WHERE ended_on IS NULL;
UPDATE ar_payment_plan SET autopay_consent_id = NULL;
-- and hands nothing to agencies
UPDATE ar_agency SET delivery = 'download';
