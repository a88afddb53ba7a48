"""What a congress says of its own site: who answers for it, personal data, accessibility, weight; colour and logo."""
