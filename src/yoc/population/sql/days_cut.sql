-- What the contract's rule for overlapping registrations took away inside the year: of how many people, how many days.
-- What lies before birth or after death counts for nobody and is not cut.
WITH living AS (
    SELECT s.person_id, s.from_day, s.to_day,
           greatest(s.first_day, coalesce(p.birth_day, s.first_day), $year_start) AS first_day,
           least(s.end_day, coalesce(p.gone_day, s.end_day), $year_end) AS end_day
    FROM span s LEFT JOIN read_person p ON p.person_id = s.person_id AND p.fault = ''),
cut AS (
    SELECT person_id,
           greatest(end_day - first_day, 0)
               - greatest(least(to_day, end_day) - greatest(from_day, first_day), 0) AS days
    FROM living)
SELECT count(DISTINCT person_id) AS people, CAST(coalesce(sum(days), 0) AS BIGINT) AS days FROM cut WHERE days > 0
