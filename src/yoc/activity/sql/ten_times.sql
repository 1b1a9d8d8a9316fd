-- Charged lines of which the submitted total is about ten, a hundred or a thousand times what the book gives for their
-- count, or about such a part of it, or is otherwise far from it: by provider and code, how many, what was submitted, and
-- what the book gives in whole pence. The bounds are of ten times and of a tenth: numerators over one denominator, both
-- ends included; those of a hundred and a thousand are ten and a hundred times as far. `far` is a whole ratio.
WITH priced AS (
    SELECT j.provider, c.point_of_delivery, c.tariff_code, j.submitted_pence,
           CAST(abs(j.submitted_pence) AS HUGEINT) * 1000000000 * $whole AS said,
           CAST(abs(q.price_pence) AS HUGEINT) * abs(j.quantity_thousandths) * q.index_millionths AS book
    FROM judged_line j
    JOIN period_price q ON q.combination_id = j.combination_id AND q.price_period = j.price_period
    JOIN combination c ON c.combination_id = j.combination_id
    WHERE j.fate = 'charged' AND q.price_pence IS NOT NULL AND j.submitted_pence IS NOT NULL
      AND sign(j.submitted_pence) = sign(q.price_pence) * sign(j.quantity_thousandths)
      AND abs(j.quantity_thousandths) <= 2305843009213693951 // greatest(q.largest, 1)),
found AS (
    SELECT *, CASE WHEN said >= book * $over_from AND said <= book * $over_to THEN 'ten times'
                   WHEN said >= book * $under_from AND said <= book * $under_to THEN 'a tenth'
                   WHEN said >= 10 * book * $over_from AND said <= 10 * book * $over_to THEN 'a hundred times'
                   WHEN 10 * said >= book * $under_from AND 10 * said <= book * $under_to THEN 'a hundredth'
                   WHEN said >= 100 * book * $over_from AND said <= 100 * book * $over_to THEN 'a thousand times'
                   WHEN 100 * said >= book * $under_from AND 100 * said <= book * $under_to THEN 'a thousandth'
                   WHEN said > book * $whole * $far THEN 'far over'
                   WHEN said * $far < book * $whole THEN 'far under' ELSE '' END AS ratio
    FROM priced WHERE book > 0)
SELECT provider, point_of_delivery, tariff_code, ratio, count(*) AS lines,
       CAST(sum(submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(CAST(sum(book) + 500000000 AS HUGEINT) // 1000000000 AS BIGINT) AS book_pence
FROM found WHERE ratio <> ''
GROUP BY provider, point_of_delivery, tariff_code, ratio
ORDER BY provider, point_of_delivery, tariff_code, ratio
