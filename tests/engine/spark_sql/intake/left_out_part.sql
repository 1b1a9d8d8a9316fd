CREATE OR REPLACE TABLE left_out_part AS
SELECT
  file_id,
  combination_id,
  period
FROM line_part
WHERE
  superseded
