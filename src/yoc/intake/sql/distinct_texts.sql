-- The distinct texts of a file that are read one by one in Python: dates, periods, points of delivery.
SELECT DISTINCT 'date' AS kind, activity_date AS text, '' AS second FROM incoming
UNION ALL SELECT DISTINCT 'period', financial_year, financial_month FROM incoming
UNION ALL SELECT DISTINCT 'point_of_delivery', point_of_delivery, '' FROM incoming
