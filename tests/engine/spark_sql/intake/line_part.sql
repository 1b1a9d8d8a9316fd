CREATE OR REPLACE TABLE line_part AS
WITH part AS (
  SELECT
    f.file_id,
    f.load,
    f.cumulative,
    c.combination_id,
    c.data_set,
    c.provider,
    p.period,
    CAST(SUM(p.rows) AS BIGINT) AS lines,
    CAST(SUM(p.pence) AS BIGINT) AS pence,
    CAST(SUM(p.thousandths) AS BIGINT) AS thousandths
  FROM canonical_part AS p
  JOIN file_in_use AS f
    ON f.parts = p.filename
  JOIN combination AS c
    ON c.kind = p.kind
  JOIN kept_fault AS k
    ON k.fault = p.fault
  GROUP BY
    f.file_id,
    f.load,
    f.cumulative,
    c.combination_id,
    c.data_set,
    c.provider,
    p.period
), latest AS (
  SELECT
    data_set,
    provider,
    period,
    MAX(load) AS load
  FROM part
  GROUP BY
    data_set,
    provider,
    period
)
SELECT
  p.file_id,
  p.combination_id,
  p.period,
  p.lines,
  p.pence,
  p.thousandths,
  p.cumulative AND p.load < l.load AS superseded
FROM part AS p
JOIN latest AS l
  ON l.data_set = p.data_set AND l.provider = p.provider AND l.period = p.period
