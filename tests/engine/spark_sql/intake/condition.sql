CREATE OR REPLACE TABLE read_condition AS
SELECT
  k.row_number,
  p.person_id,
  named.bit,
  k.day,
  k.fault
FROM kept_condition AS k
LEFT JOIN condition_bit AS named
  ON named.condition = k.condition
LEFT JOIN person_key AS p
  ON p.person_key = k.person_key
WHERE
  NOT named.bit IS NULL OR k.fault <> ''
