CREATE OR REPLACE TABLE file_in_use AS
SELECT
  f.file_id,
  f.load,
  f.cumulative,
  f.canonical,
  f.parts
FROM activity_file AS f
LEFT JOIN refused_file AS n
  ON n.file_id = f.file_id
WHERE
  n.file_id IS NULL
