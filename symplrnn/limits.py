"""All limits on work, with their units and what each protects.

A computation that would pass one ends with UNKNOWN, an incomplete list or a refusal that says so. Work with parameters is counted
in steps by the one meter of `symplrnn.exact.fields.work`, never by a clock: the same question has the same answer everywhere.
"""

# Reading numbers, expressions and files
TEXT_CHARACTERS = 10_000  # characters of an entry given as text: the parser
TEXT_DEPTH = 50  # brackets inside brackets: the parser is recursive
TEXT_EXPONENT = 10_000  # size of an exponent in text: the length of the number
TEXT_BITS = 1_000_000  # bits of a number written as a power: its length
PRINTED_DIGITS = 4000  # decimal digits of an entry: Python refuses to write more than 4300 of an int
NAME_CHARACTERS = 60  # characters of a parameter's name: lines of print
FUNCTION_DEGREE = 50  # degree of a rational function of parameters: what follows it
FUNCTION_TERMS = 2000  # terms of a rational function of parameters: what follows it
FUNCTION_BITS = 1_000_000  # bits of the coefficients of one function together: memory
RADICAL_PRIMES = 4  # primes under square roots in one expression: the degree of the field
RADICAND_BITS = 64  # bits of a number under a square root: factoring it
READING_PRODUCTS = 4_000_000  # products of coefficients of 64 bits while one expression is read: time
CONSTANT_EXPONENT = 10_000  # exponent of a number in an expression: the length of the power
FIELD_DEGREE = 8  # degree over Q of a field with roots of polynomials (CRootOf): one of degree 12 takes minutes
COSINE_DEGREE = 12  # degree over Q of a field with cosines of rational multiples of pi: time
EXPONENT_SIZE = 10_000  # size of r in an entry exp(r): the length of its decimals
EXPONENTIAL_POWER = 10_000  # largest power of the one exponential that all exp(r) of a field are powers of: degrees
COSINE_PARTS = 1000  # parts of pi in a cosine: its minimal polynomial
PARAMETERS = 64  # parameters of a network: exponent vectors of polynomials
NETWORK_ENTRIES = 4_000_000  # entries of all matrices of a network together: as many take a minute and about a gigabyte
FILE_BYTES = 64 * 1024 * 1024  # bytes of a file with a network, as it is stored: memory
ARRAY_BYTES = 8 * NETWORK_ENTRIES  # bytes that are unpacked from one file: memory
SKIPPED_BYTES = 1 << 28  # bytes of other variables in a MAT file that are unpacked and thrown away: time
ARRAY_DIMENSIONS = 32  # dimensions of an array in a MAT file: damaged headers
STRUCT_DEPTH = 8  # structs of MATLAB, groups of HDF5 and containers of a checkpoint inside of each other: recursion
PICKLE_STEPS = 300_000  # instructions of the pickle in a torch checkpoint: time and memory
VARIABLE_NAME = 200  # characters of the name of a variable of a network, with its prefix: messages
STATE_VARIABLES = 100_000  # variables of a file: memory
INPUT_BYTES = 64 * 1024 * 1024  # bytes of a file with inputs: memory

# Certified numbers
PRECISION_BITS = 1 << 20  # bits at which a search by rising precision ends: time
ENDPOINT_BITS = 1 << 26  # bits of an end of a ball as a rational number: memory
DIGITS_DOUBLINGS = 7  # doublings of the precision for certified digits: an entry that is 0 without a proof
ROOT_SUM_BITS = 1 << 14  # bits for the value of a sum over roots: a sum that is 0 without a proof
PROOF_BITS = 1 << 14  # bits of a proof by norms that a number is 0: time
RELATION_ROOTS = 32  # roots between whose logarithms relations are sought: lattice reduction
RELATION_EXPONENT = 1000  # exponents in a relation between logarithms: the length of the products
POWER_BITS = 1 << 18  # bits of the numbers in a power that is computed exactly: memory
DOUBLES_BITS = 1 << 14  # bits for the double nearest to an enclosed number: time
BALL_POWER_BITS = 1536  # bits of powers by enclosed eigenvalues, beyond which the closed form is used: entries that are 0
EXACT_POWER_STATES = 6  # states from which powers in doubles are found by enclosed eigenvalues: the closed form takes longer
CROSSING_BITS = 512  # bits of a crossing certificate, unless others are asked for: time
CROSSING_BITS_AT_MOST = 1 << 14  # bits that may be asked for a crossing certificate: time
TAYLOR_PIECES = 1 << 12  # pieces of a step in a Taylor model: memory
FACE_BITS = 4096  # bits for the sign of a number at a face: a number that is 0 without a proof
INTEGRAND_VALUES = 200  # values of an integrand for each bit of its integral: roots that differ by a factor 10^20 take 25
EXPANDED_POWER = 12  # integer exponent up to which divided differences of powers become polynomials in letters: their length
EXPANDED_POWER_OF_NUMBERS = 1000  # the same for numbers
SHORT_BITS = 24  # bits of rational points at which divided differences are written out: the length of what is printed
COINCIDING_POINTS = 5  # different points whose coincidences are listed: Bell numbers
SHORT_DEGREE = 3  # number of such points

# Conditions on parameters
CONDITION_STEPS = 8_000_000  # steps of work on one condition, about a microsecond each: some seconds
CONDITION_DEGREE = 6  # degree of a factor with parameters whose roots are located by formulas: subresultants
CHARACTERISTIC_TERMS = 60  # terms of a characteristic polynomial with parameters: three units with all entries free have 38
COMPARED_STATES = 3  # states up to which equal eigenvalues are compared by formulas, without a search for a shorter proof: print
COMPARED_FACTORS = 5  # factors with parameters that are compared for common roots: the cases
RANK_LETTERS_AND_STATES = 8  # parameters and states where ranks are described by sums of squares of minors
UNIT_STATES = 4  # states where the multiplicity of the eigenvalue 1 is not known: minors
MINOR_STATES = 6  # states where Jordan blocks are told apart by minors of size 2 and 3
RANGE_STATES = 4  # states where the range of I - M is described by minors: 5 states have 251
COEFFICIENT_TERMS = 100  # terms of a coefficient that is expanded to count them
CLAUSE_PARTS = 60  # distinct parts of a polynomial whose clauses are compared
EQUATION_TERMS = 400  # terms of a polynomial that is compared with another one
ONE_LETTER_BITS = 200_000_000  # bits of all coefficients times degrees of a condition in one parameter: isolation of roots
WRITTEN_OUT_BITS = 1000  # bits of a polynomial of degree 4 to 6 with one parameter whose roots are located by formulas: time
STATED_BITS = 200_000  # bits of the coefficients of a polynomial in x with one parameter, times its degree: isolation of roots
END_DEGREE = 40  # degree of an algebraic end of an interval of a parameter: the text
SIGN_FACTOR_TERMS = 150  # terms of a polynomial that is factored for its sign
SIGN_FACTOR_DEGREE = 24  # degree of a polynomial that is factored for its sign
SIGN_FACTOR_PRODUCTS = 2000  # products of terms in one multiplication on the way to such a polynomial
SIGN_FACTOR_STEPS = 400  # operations on the way to such a polynomial
EMPTINESS_ALTERNATIVES = 24  # alternatives of a condition that is asked whether any values meet it
EMPTINESS_ATOMS = 12  # relations in one alternative of such a condition
EMPTINESS_TERMS = 12  # terms of a polynomial in such a condition, before it is expanded
EMPTINESS_STEPS = 8_000_000  # steps of work on whether any values meet a condition, and on what its clauses imply
SIMPLIFICATIONS = 4  # times that a condition is simplified, until nothing changes
SIMPLIFIED_PARTS = 400  # operations of the polynomials of a condition that is simplified: some lines of print
SIMPLIFICATION_STEPS = 1_000_000  # steps of work on the simplification of one condition: time
SAMPLES = 96  # points at which a condition is tried before: time
SAMPLED_STEPS = 200  # operations of a polynomial that is tried
EMPTINESS_DEPTH = 6  # equations of such a condition that are put in one after another

# Closed forms with parameters
FORMULA_STEPS = 24_000_000  # steps of work on the terms of one closed form: six units with all entries free take 2 million
RESOLVENT_PATHS = 2000  # chains of coupled units from one unit, with different eigenvalues: terms of one closed form

# Closed forms by cases
CASE_STEPS = (
    24_000_000  # steps of work on a list of cases, about a microsecond each: three units with all entries free take 19 million
)
CASE_GROUPS = 4  # factors with parameters of a characteristic polynomial: the number of cases
CASE_GROUPS_OF_FEW = 6  # such factors where few coincidences change the closed form
FEW_COINCIDENCES = 5  # what few coincidences are
CASES_LISTED = 16  # cases that are listed where all are too many
DENOMINATOR_TERMS = 20  # terms of a denominator that is factored for print
NORM_TERMS = 60  # terms of a diagonal entry of degree 4 and more whose norm is looked at
CYCLIC_DEGREE = 12  # degree of a factor up to which half turns come from cyclic subspaces: beyond, they take too long

# Orbits, simulation and networks as a whole
P_MATRIX_UNITS = 26  # units up to which all principal minors are looked at: 2 to that power, some ten seconds
P_MATRIX_EXACT_MINORS = 20_000  # of these, minors so near to 0 that they are computed over Q: a millisecond each
P_MATRIX_ORDERS = 20  # orders in which a larger matrix is eliminated to find a minor that is not positive
CERTIFIED_UNITS = 8  # 2 to that power regions are certified at most, unless some are chosen: megabytes
CERTIFIED_CASES = 400  # cases of the letters of a region, whose conditions are certified: seconds
CERTIFIED_REGIONS = 1000  # nonempty regions of a network whose list is certified to be complete: megabytes
CONTINUITY_UNITS = 8  # units up to which the fields are compared at each face: 1024 faces
TRANSITION_REGIONS = 1 << 12  # regions of a network between all of which transitions are found: time
TRANSITION_EDGES = 1 << 20  # transitions in one graph: memory
VISITED_STEPS = 1000  # steps of the orbit whose regions stand for all of a network that has too many
REGIONS_FOR_ALL = 1 << 20  # nonempty regions of a network all of which are checked: time
REGIONS_KEPT = 1 << 12  # regions whose verdicts the command check holds; of more, each is decided again to be printed: memory
REGIONS_IN_FILES = 1 << 30  # nonempty regions of a network all of which are written to a file, which may be resumed: weeks
CHUNK_SECONDS = 0.25  # seconds that a chunk of regions takes: what is lost when a run is killed
CHUNK_ITEMS = 1 << 10  # regions in a chunk: memory
CHUNKS_UNDER_WAY = 512  # chunks that wait for an executor, or for one before them: memory
TEXTS_UNDER_WAY = 64  # the same of chunks with all evidence as text, of a megabyte or two
SECONDS_ALONE = 3.0  # seconds until worker processes are started, which takes each of them about one
ORBIT_STEPS = 10**7  # steps of an orbit in one call of the program: more would take days
TRAJECTORY_VALUES = 1 << 30  # numbers in a trajectory: 8 GiB
EVENTS_IN_A_STEP = 1000  # faces that a solution crosses in one step: events that accumulate
UNITS_AT_A_CORNER = 6  # units at a corner: at most 63 regions are looked at
IMMEDIATE_EVENTS = 20  # events in a row without progress: events that accumulate
TABLE_REGIONS = 1024  # regions in the table of a vector field for another library: memory

# What is printed
REPR_CHARACTERS = 1900  # characters of the repr of an object: it is what a session shows without being asked
FIELD_CHARACTERS = 300  # characters of one field in it
PATH_CHARACTERS = 400  # characters of the coefficients of a polynomial q(t) that a condition is stated by
CONDITION_CHARACTERS = 100  # characters of a condition in a sentence that sums a report up
NOTEBOOK_CHARACTERS = 20_000  # characters of LaTeX that a notebook shows of an object
NOTEBOOK_ROWS = 16  # rows of a table that it shows
CELL_CHARACTERS = 300  # characters of a cell in it
NOTEBOOK_STATES = 12  # states of a system whose formula it shows
NOTEBOOK_STATES_WITH_LETTERS = 3  # the same with parameters
ITEMS_SHOWN = 24  # items of a field in it
PAGE_CHARACTERS = (
    400_000  # characters of expressions in LaTeX, counted as often as lines are broken around and in them: some thirty pages
)
PAGE_OPERATIONS = 150  # operations in the coefficients of a polynomial that are printed: some four lines
CELL_CHARACTERS = 600  # characters of a condition in a table
RENAMED_UNITS = 5  # units up to which all their permutations are tried
TABLE_ROWS = 1024  # regions in a table for an appendix: some fifty pages
CLOSED_FORM_DIGITS = 10_000  # digits of all numbers in a closed form: beyond, entries are printed as decimals until expanded
PIECEWISE_ROWS = 40  # regions of a piecewise ODE in LaTeX: a page
VERDICT_ROWS = 40  # rows of a table of verdicts in LaTeX: a page
REPORT_REGIONS = 40  # regions of a report with parameters in LaTeX: pages
TERMINAL_ROWS = 64  # rows of a table of verdicts in the terminal
CLOSED_FORM_STATES = 10  # states of a system whose exact closed form is in JSON without being asked for: 150 kilobytes a region
REGIONS_PRINTED = 16  # regions that are printed without being asked for
