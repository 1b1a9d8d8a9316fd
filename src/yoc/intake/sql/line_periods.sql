-- The months of the lines that count.
SELECT DISTINCT period FROM line WHERE NOT superseded ORDER BY period
