"""Forms: pure builders of modals; what is known stands in them, and only ids travel with them."""
