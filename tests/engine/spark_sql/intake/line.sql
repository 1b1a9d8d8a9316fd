CREATE OR REPLACE TABLE line AS
WITH latest AS (
  SELECT
    c.data_set,
    c.provider,
    l.period,
    MAX(f.load) AS load
  FROM loaded_line AS l
  JOIN combination AS c
    USING (combination_id)
  JOIN activity_file AS f
    USING (file_id)
  GROUP BY ALL
)
SELECT
  l.*,
  f.cumulative AND f.load < latest.load AS superseded
FROM loaded_line AS l
JOIN combination AS c
  USING (combination_id)
JOIN activity_file AS f
  USING (file_id)
JOIN latest
  ON latest.data_set = c.data_set
  AND latest.provider = c.provider
  AND latest.period = l.period
