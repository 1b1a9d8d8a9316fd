-- The distinct combinations of the columns on which rules depend, in the order of their texts.
SELECT * FROM combination ORDER BY combination_id
