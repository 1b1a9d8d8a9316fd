-- Charged lines of which the submitted total has the other sign than their count gives, as a count of -1 with a charge, by
-- provider: how many, what they come to, and how many of them are above nothing. Where the book's price is under nothing the sign of a count turns;
-- money that no patient stands behind has no count to speak of.
SELECT j.provider, count(*) AS lines, CAST(sum(j.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(CASE WHEN j.submitted_pence > 0 THEN 1 ELSE 0 END) AS BIGINT) AS charges
FROM judged_line j
JOIN combination c ON c.combination_id = j.combination_id
LEFT JOIN period_price q ON q.combination_id = j.combination_id AND q.price_period = j.price_period
LEFT JOIN money_only m ON m.point_of_delivery = c.point_of_delivery
WHERE j.fate = 'charged' AND m.point_of_delivery IS NULL
  AND sign(j.submitted_pence) * sign(j.quantity_thousandths)
      * CASE WHEN q.price_pence < 0 THEN -1 ELSE 1 END < 0
GROUP BY j.provider ORDER BY j.provider
