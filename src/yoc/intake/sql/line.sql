-- Files restate a provider's month of a data set whole: of each the latest load counts, the rest is superseded. A file
-- that is no restatement adds to what is there, and is never superseded.
CREATE TABLE line AS
WITH latest AS (
    SELECT c.data_set, c.provider, l.period, max(f.load) AS load
    FROM loaded_line l JOIN combination c USING (combination_id) JOIN activity_file f USING (file_id)
    GROUP BY ALL)
SELECT l.*, f.cumulative AND f.load < latest.load AS superseded
FROM loaded_line l
JOIN combination c USING (combination_id)
JOIN activity_file f USING (file_id)
JOIN latest ON latest.data_set = c.data_set AND latest.provider = c.provider AND latest.period = l.period
