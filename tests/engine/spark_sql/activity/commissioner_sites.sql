SELECT
  o.written,
  o.meant,
  COUNT(*) AS lines
FROM judged_line AS j
JOIN combination AS c
  ON c.combination_id = j.combination_id
JOIN own_commissioner AS o
  ON o.written = c.commissioner
WHERE
  o.written <> o.meant
GROUP BY
  o.written,
  o.meant
ORDER BY
  o.written NULLS LAST
