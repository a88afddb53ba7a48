"""What stands between the network and the pages: how much one address and one person may ask for."""
