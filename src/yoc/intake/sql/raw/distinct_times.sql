-- The distinct sets of texts that tell a row's day and month, by file: each set is decided once, in Python.
SELECT DISTINCT file_number, financial_year, financial_month, costing_period, activity_date FROM incoming
