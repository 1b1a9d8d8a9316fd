-- The providers of charged lines.
SELECT DISTINCT provider FROM judged_line WHERE fate = 'charged' ORDER BY provider
