-- What each span of days that somebody lived under a host and in a segment comes to, by month: its days, or the snapshot days
-- on it. Many people share a span, so that each is worked out once.
CREATE OR REPLACE TABLE span_units AS
SELECT s.from_day, s.to_day, u.month, least(s.to_day, u.to_day) - greatest(s.from_day, u.from_day) AS units
FROM (SELECT DISTINCT from_day, to_day FROM presence WHERE segment_id > 0) s
JOIN unit_span u ON s.from_day < u.to_day AND u.from_day < s.to_day
