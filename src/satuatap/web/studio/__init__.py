"""The regrouping plans: the staff's studio, and the public page of each plan."""
