SELECT
  o.written,
  o.meant,
  CAST(SUM(l.lines) AS BIGINT) AS lines
FROM line_cell AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
JOIN own_commissioner AS o
  ON o.written = c.commissioner
WHERE
  o.written <> o.meant
GROUP BY
  o.written,
  o.meant
ORDER BY
  o.written NULLS LAST
