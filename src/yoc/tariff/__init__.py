"""Price books: dated unit prices and market forces indices, looked up exactly. Pure."""

from yoc.tariff.book import BookHeader, PriceBook, read_book_header, read_price_book
from yoc.tariff.versions import BookVersion, PriceHistory, PricePeriod, price_history
