-- Conditions by number: those that the contract names. The others are read and not needed, unless something is wrong with them.
CREATE OR REPLACE TABLE read_condition AS
SELECT k.row_number, p.person_id, named.bit, k.day, k.fault
FROM kept_condition k
LEFT JOIN condition_bit named ON named.condition = k.condition
LEFT JOIN person_key p ON p.person_key = k.person_key
WHERE named.bit IS NOT NULL OR k.fault <> ''
