-- People regularly registered twice on one day of the year: how many, and the first row that begins too early.
WITH clipped AS (
    SELECT person_id, row_number, greatest(from_day, $year_start) AS from_day, least(to_day, $year_end) AS to_day
    FROM read_registration WHERE fault = '' AND regular),
followed AS (
    SELECT person_id, row_number, from_day,
           max(to_day) OVER (PARTITION BY person_id ORDER BY from_day, row_number
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_end
    FROM clipped WHERE from_day < to_day)
SELECT count(DISTINCT person_id) AS people, min(row_number) AS first_row FROM followed WHERE from_day < earlier_end
