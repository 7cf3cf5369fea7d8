"""The headings by which exports call what an account, a deal and a contact have: HubSpot,
Salesforce, Pipedrive, a plain sheet."""

import re
from collections.abc import Mapping
from typing import Final

_SIGNS: Final = re.compile(r"[\W_]+")


def normalise(heading: str) -> str:
    """A heading for comparing: "Account_Name", "Account Name" and "AccountName" are one."""
    return _SIGNS.sub("", heading.casefold()).replace("organisation", "organization")


def _normalised(headings: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {field: tuple(map(normalise, names.split(", "))) for field, names in headings.items()}


#: Field -> the headings it goes by, as they are compared, the surest first.
ACCOUNT_HEADINGS: Final = _normalised(
    {
        "name": "Account name, Company name, Organization - Name, Customer name, Client name, "
        "Account, Company, Organization, Customer, Client, Name",
        "external_id": "Record ID, Record ID - Company, Account ID, Company ID, Organization - ID, "
        "Organization - Pipedrive System ID, Organization ID, Customer ID, External ID, CRM ID, "
        "HubSpot ID, Salesforce ID, ID",
        "owner": "Account manager, Customer success manager, CSM, Account owner, Company owner, "
        "Organization - Owner, HubSpot owner, Owner name, Owner email, Owner, Manager, Sales rep, "
        "Sales agent, Responsible, Assigned to",
        "stage": "Lifecycle stage, Customer stage, Account stage, Account lifecycle stage, "
        "Organization - Lifecycle stage, Organization - Stage, Stage, Lifecycle, Customer "
        "lifecycle, Account status, Customer status, Lead status, Organization - Label, "
        "Organization - Labels, Status, Account type, Type",
        "renews_on": "Renewal date, Next renewal date, Next renewal, Renews on, Renews, Renewal, "
        "Contract renewal date, Contract end date, Contract end, Contract ends, Subscription end "
        "date, Subscription renewal date, Organization - Renewal date, Organization - Contract "
        "end, Expiry date, Expiration date",
        "amount": "ARR, Annual recurring revenue, Account ARR, Customer ARR, Current ARR, Total "
        "ARR, Organization - ARR, ACV, Annual contract value, Contract value, Contract amount, "
        "Subscription amount, Amount a year, Annual amount, Yearly amount, Amount, MRR, Monthly "
        "recurring revenue, Organization - MRR",
        "currency": "Currency, Currency code, Account currency, Contract currency, Currency ISO "
        "code, Account Currency ISO Code, Organization - Currency",
        "tier": "Tier, Customer tier, Account tier, Company tier, Organization - Tier, Segment, "
        "Customer segment, Account segment, Company segment, Organization - Segment, ABC class",
        "contract": "Contract name, Contract, Subscription name, Subscription, Product name, "
        "Product",
        "contract_id": "Contract ID, Contract number, Subscription ID, Subscription number",
        "alias": "Alias, Aliases, Also known as, AKA, Short name, Nickname, Trading name, Doing "
        "business as, DBA",
        "sector": "Sector, Industry, Company industry, Account industry, Organization - Industry, "
        "Organization - Sector, Industry group, Industry sector, Vertical, Industry vertical, "
        "Market sector, Line of business",
        "country": "Country, Country/Region, Company country, Billing Country, Billing address "
        "country, Billing Country/Territory, Account country, Organization - Country, Organization "
        "- Country of Address, Headquarters country, HQ country, Shipping Country, Mailing "
        "Country, Country code, Billing Country Code, Office location, Country name",
    }
)
#: The same for a list of deals (opportunities).
DEAL_HEADINGS: Final = _normalised(
    {
        "account": "Account name, Associated company (primary), Associated company, Associated "
        "company names, Company name, Deal - Organization, Organization - Name, Account, Company, "
        "Organization, Customer, Client",
        "account_id": "Account ID, Associated company IDs (primary), Associated company IDs, "
        "Associated company ID, Organization - ID, Deal - Organization ID, Company ID",
        "deal_id": "Opportunity ID, Deal ID, Deal - ID, Deal - Pipedrive System ID, Record ID, "
        "Record ID - Deal, Opportunity number, ID",
        "title": "Product, Product name, Deal name, Opportunity name, Deal - Title, Opportunity, "
        "Deal, Title, Name",
        "agent": "Opportunity owner, Deal owner, Deal - Owner, Sales agent, Sales rep, Agent, "
        "Owner name, Owner, Account owner, Responsible, Assigned to",
        "outcome": "Deal - Status, Deal status, Opportunity status, Deal stage, Stage name, "
        "Opportunity stage, Stage, Deal - Stage, Status",
        "amount": "Annual recurring revenue, Deal - ARR, ARR, Annual contract value, ACV, Close "
        "value, Amount, Deal - Value, Deal value, Deal amount, Value, Amount in company currency",
        "currency": "Currency, Deal - Currency, Deal currency, Deal currency code, Opportunity "
        "currency, Amount currency, Currency code, Currency ISO code",
        "type": "Deal type, Opportunity type, Opportunity record type, Deal - Type, Type",
        "created": "Created on, Create date, Created date, Deal - Deal created, Deal - Creation "
        "date, Date created, Opened on, Opened, Created",
        "closed": "Close date, Closed date, Closed on, Deal - Closed on, Deal - Deal closed on, "
        "Date closed, Closed",
        "won_on": "Deal - Won time, Won time, Won on, Won date, Date won",
        "lost_on": "Deal - Lost time, Lost time, Lost on, Lost date, Date lost",
    }
)
#: The same for a list of people at customers.
CONTACT_HEADINGS: Final = _normalised(
    {
        "person": "Full name, Contact name, Person - Name, Contact full name, Person",
        "first": "First name, Person - First name, Given name",
        "last": "Last name, Person - Last name, Surname, Family name",
        "name": "Name, Contact",
        "email": "Email, E-mail, Email address, Person - Email - Work, Person - Email, Work email",
        "title": "Job title, Title, Position, Person - Job title, Function",
        "role": "Buying role, Role, Contact role, Decision role, Person - Role, Persona",
        "account": "Account name, Company name, Primary associated company, Associated company "
        "(primary), Associated company, Associated company names, Person - Organization, "
        "Organization - Name, Account, Company, Organization, Customer",
        "account_id": "Account ID, Primary associated company ID, Associated company IDs "
        "(primary), Associated company IDs, Associated company ID, Organization - ID, Person - "
        "Organization ID, Company ID",
        "contact_id": "Record ID, Record ID - Contact, Contact ID, Person - ID, Person - Pipedrive "
        "System ID, ID",
    }
)
#: The same by what a file lists.
HEADINGS: Final = {
    "accounts": ACCOUNT_HEADINGS,
    "deals": DEAL_HEADINGS,
    "contacts": CONTACT_HEADINGS,
}
