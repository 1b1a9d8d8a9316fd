-- People present twice on one day: there must be none.
SELECT count(*) AS rows FROM (
    SELECT from_day, lag(to_day) OVER (PARTITION BY person_id ORDER BY from_day, to_day) AS earlier_end FROM presence)
WHERE from_day < earlier_end
