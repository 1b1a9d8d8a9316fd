-- The months of the lines that count.
SELECT DISTINCT period FROM line_part WHERE NOT superseded ORDER BY period
