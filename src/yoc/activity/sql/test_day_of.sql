-- For each day of the year the day on which segments were tested for it.
CREATE OR REPLACE TABLE test_day_of AS
SELECT y.day, t.test_day FROM year_day y JOIN test_period t ON t.from_day <= y.day AND y.day < t.to_day
