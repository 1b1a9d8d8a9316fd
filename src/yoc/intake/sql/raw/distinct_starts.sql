-- The distinct dates on which the activity of a row began.
SELECT DISTINCT start_date AS text FROM incoming
