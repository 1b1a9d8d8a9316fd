-- Charged lines of which the submitted total has the other sign than their count gives, as a count of -1 with a charge, by
-- provider: how many, what they come to, and how many of them are above nothing. Where the book's price is under nothing
-- the sign of a count turns; money that no patient stands behind has no count to speak of.
WITH apart AS (
    SELECT combination_id, submitted_pence FROM judged_line
    WHERE fate = 'charged' AND submitted_pence <> 0 AND quantity_thousandths <> 0
      AND ((submitted_pence < 0) <> (quantity_thousandths < 0)) <> coalesce(price_turns, FALSE))
SELECT c.provider, count(*) AS lines, CAST(sum(a.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(CASE WHEN a.submitted_pence > 0 THEN 1 ELSE 0 END) AS BIGINT) AS charges
FROM apart a
JOIN combination c ON c.combination_id = a.combination_id
LEFT JOIN money_only m ON m.point_of_delivery = c.point_of_delivery
WHERE m.point_of_delivery IS NULL
GROUP BY c.provider ORDER BY c.provider
