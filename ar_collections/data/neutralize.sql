-- a copy of a database reminds nobody
UPDATE res_company SET ar_active = FALSE;
