-- What each provider asked for by month and point of delivery: every line that no later load superseded, whatever becomes
-- of it. The month is that of the line's day; 0 is outside the year.
SELECT c.provider, coalesce(m.month, 0) AS month, c.point_of_delivery, count(*) AS lines,
       sum(l.quantity_thousandths) AS quantity_thousandths, coalesce(sum(l.submitted_pence), 0) AS submitted_pence
FROM kept_line l
JOIN combination c ON c.combination_id = l.combination_id
LEFT JOIN month_days m ON l.day >= m.from_day AND l.day < m.to_day
GROUP BY c.provider, coalesce(m.month, 0), c.point_of_delivery
ORDER BY c.provider, month, c.point_of_delivery
