-- Files restate a provider's month whole: of each provider and period the latest load counts, the rest is superseded.
CREATE TABLE line AS
WITH latest AS (
    SELECT c.provider, l.period, max(f.load) AS load
    FROM loaded_line l JOIN combination c USING (combination_id) JOIN activity_file f USING (file_id)
    GROUP BY ALL)
SELECT l.*, f.load < latest.load AS superseded
FROM loaded_line l
JOIN combination c USING (combination_id)
JOIN activity_file f USING (file_id)
JOIN latest ON latest.provider = c.provider AND latest.period = l.period
