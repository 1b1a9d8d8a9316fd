-- The people whose charged total for the year is over their threshold; where the contract decides on the running total,
-- those whose charges alone, without credits, are. A threshold pro rata is that part of it for which the person counted.
-- In thousand-millionths of a penny a threshold may need 128 bits.
CREATE OR REPLACE TABLE person_over AS
WITH total AS (
    SELECT person_id, sum(amount) AS amount, sum(greatest(amount, 0)) AS charges
    FROM judged_line WHERE fate = 'charged' GROUP BY person_id),
own_units AS (SELECT person_id, sum(units) AS units FROM counted GROUP BY person_id),
threshold AS (
    SELECT t.person_id, t.amount, t.charges,
           CASE WHEN NOT $pro_rata THEN CAST($threshold_pence AS HUGEINT)
                ELSE CAST(2 * CAST($threshold_pence AS HUGEINT) * CAST(coalesce(u.units, 0) AS HUGEINT) + $units_per_year AS HUGEINT)
                     // (2 * $units_per_year) END * CAST($amounts_per_penny AS HUGEINT) AS threshold
    FROM total t LEFT JOIN own_units u USING (person_id))
SELECT person_id, threshold FROM threshold
WHERE CASE WHEN $running THEN charges ELSE amount END > threshold
