-- A copy of a database reminds nobody, charges nobody, and hands nothing to agencies. It may be a copy of any version
-- since 19.0.1.0.0 that is to be upgraded: what such a version does not have yet, or calls otherwise, is passed over.
DO $$
DECLARE
    change record;
BEGIN
    FOR change IN
        SELECT *
          FROM (VALUES
                   ('res_company', 'ar_active', 'ar_active = FALSE', 'TRUE'),
                   ('res_company', 'ar_database', 'ar_database = NULL', 'TRUE'),
                   ('ar_payment_plan_consent', 'ended_on',
                    'ended_on = now() AT TIME ZONE ''UTC'', ended_reason = ''Copy of a database''', 'ended_on IS NULL'),
                   ('ar_autopay_consent', 'ended_on',
                    'ended_on = now() AT TIME ZONE ''UTC'', ended_reason = ''Copy of a database''', 'ended_on IS NULL'),
                   ('ar_payment_plan', 'charge_consent_id', 'charge_consent_id = NULL', 'TRUE'),
                   ('ar_payment_plan', 'autopay_consent_id', 'autopay_consent_id = NULL', 'TRUE'),
                   ('ar_agency', 'delivery', 'delivery = ''download''', 'TRUE')
               ) AS known (table_name, column_name, assignment, condition)
    LOOP
        IF EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = to_regclass(change.table_name) AND attname = change.column_name
                      AND NOT attisdropped) THEN
            EXECUTE format('UPDATE %I SET %s WHERE %s', change.table_name, change.assignment, change.condition);
        END IF;
    END LOOP;
END $$;
