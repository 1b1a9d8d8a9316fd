CREATE OR REPLACE TABLE spell_over AS
WITH part AS (
  SELECT
    c.provider,
    c.data_set,
    l.episode_id,
    l.start_day,
    l.day,
    l.quantity_thousandths,
    l.submitted_pence
  FROM kept_line AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  WHERE
    c.point_of_delivery IN ('IPOBD', 'NELOBD', 'NELNEOBD', 'ELOBD')
    AND l.episode_id <> ''
    AND NOT l.start_day IS NULL
), spell AS (
  SELECT
    provider,
    COUNT(*) AS lines,
    CAST(SUM(quantity_thousandths) AS BIGINT) AS thousandths,
    (
      MAX(day) - MIN(start_day) + 1
    ) * 1000 AS most_thousandths,
    CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT) AS submitted_pence
  FROM part
  GROUP BY
    provider,
    data_set,
    episode_id
)
SELECT
  provider,
  COUNT(*) AS spells,
  CAST(SUM(lines) AS BIGINT) AS lines,
  CAST(SUM(thousandths - most_thousandths) AS BIGINT) AS over_thousandths,
  CAST(SUM(submitted_pence) AS BIGINT) AS submitted_pence
FROM spell
WHERE
  thousandths > most_thousandths
GROUP BY
  provider
