CREATE OR REPLACE TABLE repeated_line AS
SELECT
  class,
  group_id,
  place,
  file_id,
  row_number,
  submitted_pence
FROM repeat_of_identifier
UNION ALL
SELECT
  class,
  group_id,
  place,
  file_id,
  row_number,
  submitted_pence
FROM repeat_between
UNION ALL
SELECT
  class,
  group_id,
  place,
  file_id,
  row_number,
  submitted_pence
FROM repeat_possible
