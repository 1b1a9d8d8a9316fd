-- The lines of each file by combination and month, and whether they count. Files restate a provider's month of a data set
-- whole: of each the latest load counts, the rest is superseded. A file that is no restatement adds to what is there, and is
-- never superseded.
CREATE OR REPLACE TABLE line_part AS
WITH part AS (
    SELECT f.file_id, f.load, f.cumulative, c.combination_id, c.data_set, c.provider, p.period,
           CAST(sum(p.rows) AS BIGINT) AS lines, CAST(sum(p.pence) AS BIGINT) AS pence,
           CAST(sum(p.thousandths) AS BIGINT) AS thousandths
    FROM canonical_part p
    JOIN file_in_use f ON f.parts = p.filename
    JOIN combination c ON c.kind = p.kind
    JOIN kept_fault k ON k.fault = p.fault
    GROUP BY f.file_id, f.load, f.cumulative, c.combination_id, c.data_set, c.provider, p.period),
latest AS (
    SELECT data_set, provider, period, max(load) AS load FROM part GROUP BY data_set, provider, period)
SELECT p.file_id, p.combination_id, p.period, p.lines, p.pence, p.thousandths,
       p.cumulative AND p.load < l.load AS superseded
FROM part p JOIN latest l ON l.data_set = p.data_set AND l.provider = p.provider AND l.period = p.period
