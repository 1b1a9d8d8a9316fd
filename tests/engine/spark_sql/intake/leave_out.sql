CREATE OR REPLACE TABLE loaded_line AS
SELECT
  *
FROM loaded_line
WHERE
  NOT file_id IN (
    SELECT
      file_id
    FROM refused_file
  )
