-- The yearly cost of the person who stands at a rank (nearest rank: the least whole number of people that is the stated
-- part of all), taken up to whole £100 so that nobody's own cost leaves this step; and how many people cost more than
-- that. Everybody who counted or was charged for is ranked, at nothing where there was no charged line.
WITH person AS (
    SELECT person_id FROM counted UNION SELECT person_id FROM judged_line WHERE fate = 'charged'),
total AS (
    SELECT person_id, sum(amount) AS amount FROM judged_line WHERE fate = 'charged' GROUP BY person_id),
ranked AS (
    SELECT greatest(coalesce(t.amount, 0), 0) AS amount,
           row_number() OVER (ORDER BY coalesce(t.amount, 0)) AS place, count(*) OVER () AS people
    FROM person p LEFT JOIN total t USING (person_id)),
chosen AS (
    SELECT CAST(amount + 10000 * CAST($amounts_per_penny AS HUGEINT) - 1 AS HUGEINT)
               // (10000 * CAST($amounts_per_penny AS HUGEINT)) * 10000 AS threshold_pence
    FROM ranked
    WHERE place = CAST(CAST($part AS HUGEINT) * people + $whole - 1 AS HUGEINT) // $whole)
SELECT CAST(c.threshold_pence AS BIGINT) AS threshold_pence,
       CAST(coalesce(sum(CASE WHEN r.amount > c.threshold_pence * CAST($amounts_per_penny AS HUGEINT) THEN 1 ELSE 0 END), 0)
            AS BIGINT) AS people_over
FROM chosen c CROSS JOIN ranked r
GROUP BY c.threshold_pence
