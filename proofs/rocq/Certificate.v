(* What the identities of a certified formula prove (proofs/existence.md section 5; check_formula in
   symplrnn/certificate/check.py).

   F is the field of the certificate (the rationals), L an extension in which the factors split (the complex numbers).
   Given monic factors f_i with product without a double root, matrices H_ik over F with
       S H_ik = H_i,k-1 - f_ik H_i,d-1   (k < d, d the degree of f_i; that is S H_i(x) = x H_i(x) modulo f_i)
   and denominators g_i with
       the sum of H_i(z) / g_i(z) over all roots z of all f_i is 1:
   the roots are different, and H_i(z) / g_i(z) are the spectral projectors of S over L (Spectral.v).
   The last condition is tested over F: sum t_ik H_ik = 1, with numbers t_ik that are the sums of z^k / g_i(z) over the roots of f_i, as
   they solve the equations of RootSums.v. *)

From mathcomp Require Import all_ssreflect all_algebra.
From Symplrnn Require Import Spectral RootSums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Eigen.

Variables (L : fieldType) (n : nat) (S : 'M[L]_n.+1) (f : {poly L}) (H : nat -> 'M[L]_n.+1).

Definition before k := if k is j.+1 then H j else 0.

Lemma numerator_eigen z e : f \is monic -> size f = e.+2 -> root f z ->
  (forall k, (k < e.+1)%N -> S * H k = before k - f`_k *: H e) ->
  S * (\sum_(k < e.+1) z ^+ k *: H k) = z *: \sum_(k < e.+1) z ^+ k *: H k.
Proof.
move=> monic size_f /rootP fz eqs.
have head : \sum_(k < e.+1) z ^+ k * f`_k = - z ^+ e.+1.
  apply/eqP; rewrite -addr_eq0 -[X in _ == X]fz horner_coef size_f [X in _ == X]big_ord_recr /=.
  have -> : f`_e.+1 = 1 by have /monicP := monic; rewrite lead_coefE size_f.
  by rewrite mul1r; apply/eqP; congr (_ + _); apply: eq_bigr => k _; rewrite mulrC.
rewrite mulr_sumr (eq_bigr (fun k : 'I__ => z ^+ k *: before k - (z ^+ k * f`_k) *: H e)); last first.
  by move=> k _; rewrite -scalerAr eqs // scalerBr scalerA.
rewrite big_split /= sumrN -scaler_suml head scaleNr opprK big_ord_recl scaler0 add0r.
rewrite big_ord_recr scalerDr scalerA -exprS scaler_sumr; congr (_ + _).
by apply: eq_bigr => k _; rewrite scalerA -exprS.
Qed.

End Eigen.

Section Certificate.

Variables (F L : fieldType) (iota : {rmorphism F -> L}) (n : nat) (I : finType).
Variables (S : 'M[F]_n.+1) (f g : I -> {poly F}) (H : I -> nat -> 'M[F]_n.+1) (roots : I -> seq L).

Local Notation degree i := (size (f i)).-1.
Local Notation embed := (map_mx iota).

Definition numerator i z := \sum_(k < degree i) z ^+ k *: embed (H i k).
Definition projector i z := ((map_poly iota (g i)).[z])^-1 *: numerator i z.

Record certificate := Certificate {
  certificate_split : forall i, map_poly iota (f i) = \prod_(z <- roots i) ('X - z%:P);
  certificate_simple : coprimep (\prod_i f i) (\prod_i f i)^`();
  certificate_eigen : forall i k, (k < degree i)%N -> S * H i k = before (H i) k - (f i)`_k *: H i (degree i).-1;
  certificate_sum : \sum_i \sum_(z <- roots i) projector i z = 1
}.

Hypothesis valid : certificate.

(* All roots of all factors. *)
Definition place := {i : I & 'I_(size (roots i))}.
Definition root_at (x : place) := (roots (tag x))`_(tagged x).
Definition projector_at (x : place) := projector (tag x) (root_at x).

Lemma places (R : Type) (idx : R) (op : Monoid.com_law idx) (G : I -> L -> R) :
  \big[op/idx]_i \big[op/idx]_(z <- roots i) G i z = \big[op/idx]_(x : place) G (tag x) (root_at x).
Proof.
rewrite (eq_bigr (fun i => \big[op/idx]_(k < size (roots i)) G i (roots i)`_k)).
  by rewrite (sig_big_dep _ (fun i => xpredT)) //.
by move=> i _; rewrite (big_nth 0) big_mkord.
Qed.

Lemma root_at_injective : injective root_at.
Proof.
pose p := \prod_i f i.
have prod : map_poly iota p = \prod_(x : place) ('X - (root_at x)%:P).
  rewrite rmorph_prod /= -(places _ (fun _ z => 'X - z%:P)).
  by apply: eq_bigr => i _; rewrite certificate_split.
move=> x y eq; apply/eqP/negPn/negP => xy.
have px : root (map_poly iota p) (root_at x).
  by rewrite prod (bigD1 x) //= rootM root_XsubC eqxx.
have := certificate_simple valid; rewrite -(coprimep_map iota) => /coprimep_root /(_ px).
rewrite -deriv_map prod (bigD1 x) //= (bigD1 y) 1?eq_sym //= eq mulrA derivM hornerD !hornerM.
by rewrite derivM !hornerE subrr !(mul0r, mulr0, addr0) eqxx.
Qed.

Lemma projector_eigen i z : z \in roots i -> embed S * projector i z = z *: projector i z.
Proof.
move=> zi; rewrite /projector -scalerAr scalerA mulrC -scalerA; congr (_ *: _).
have split := certificate_split valid i.
have size_f : size (f i) = (size (roots i)).+1 by rewrite -(size_map_poly iota) split size_prod_XsubC.
have [e size_r] : exists e, size (roots i) = e.+1.
  by case: (roots i) zi => // a s _; exists (size s).
rewrite /numerator size_f size_r /=.
apply: (@numerator_eigen _ _ _ (map_poly iota (f i)) (fun k => embed (H i k))).
- by rewrite split monic_prod_XsubC.
- by rewrite size_map_poly size_f size_r.
- by rewrite split root_prod_XsubC.
- move=> k ke; rewrite -[_ * _]map_mxM mulmxE certificate_eigen // size_f size_r //=.
  by rewrite map_mxB map_mxZ coef_map; case: (k) => [|j] //=; rewrite map_mx0.
Qed.

Theorem certificate_spectral : spectral (embed S) root_at projector_at.
Proof.
split; first exact: root_at_injective.
  by rewrite -(places _ projector) certificate_sum.
by move=> x; apply: projector_eigen; apply: mem_nth.
Qed.

End Certificate.

Section Checked.

Variables (F L : fieldType) (iota : {rmorphism F -> L}) (n : nat) (I : finType).
Variables (S : 'M[F]_n.+1) (f g : I -> {poly F}) (H : I -> nat -> 'M[F]_n.+1) (roots : I -> seq L) (s t : I -> nat -> F).

Local Notation degree i := (size (f i)).-1.
Local Notation embed := (map_mx iota).

(* All that is tested, in rational numbers; s are the power sums by Newton's identities. *)
Record checked := Checked {
  checked_split : forall i, map_poly iota (f i) = \prod_(z <- roots i) ('X - z%:P);
  checked_simple : coprimep (\prod_i f i) (\prod_i f i)^`();
  checked_eigen : forall i k, (k < degree i)%N -> S * H i k = before (H i) k - (f i)`_k *: H i (degree i).-1;
  checked_coprime : forall i, coprimep (f i) (g i);
  checked_newton0 : forall i, s i 0 = (degree i)%:R;
  checked_newton : forall i k, (0 < k < degree i)%N ->
    s i k = - (k%:R * (f i)`_(degree i - k)) - \sum_(j < k.-1) (f i)`_(degree i - j.+1) * s i (k - j.+1)%N;
  checked_weights : forall i k, (k < degree i)%N ->
    \sum_(j < degree i) (('X^k * g i) %% f i)`_j * t i j = s i k;
  checked_sum : \sum_i \sum_(k < degree i) t i k *: H i k = 1
}.

Hypothesis valid : checked.

Lemma degree_roots i : degree i = size (roots i).
Proof. by rewrite -(size_map_poly iota) (checked_split valid) size_prod_XsubC. Qed.

Lemma checked_power_sum i k : (k < degree i)%N -> iota (s i k) = power_sum (roots i) k.
Proof.
elim/ltn_ind: k => -[|k] IH kd; first by rewrite (checked_newton0 valid) power_sum0 rmorph_nat degree_roots.
rewrite (checked_newton valid) // newton -?degree_roots ?(ltnW kd) // rmorphB rmorphN rmorphM rmorph_nat rmorph_sum.
rewrite -(checked_split valid) coef_map; congr (_ - _); apply: eq_bigr => j _.
rewrite rmorphM coef_map IH //; first by rewrite subSS ltnS leq_subr.
by rewrite subSS (leq_ltn_trans (leq_subr _ _)) ?(ltnW kd).
Qed.

Lemma checked_root_sum i k : (k < degree i)%N ->
  iota (t i k) = \sum_(z <- roots i) z ^+ k / (map_poly iota (g i)).[z].
Proof.
move=> kd; apply: (root_sums (r := roots i) (t := fun k => iota (t i k))); last by rewrite -degree_roots.
  by rewrite -(checked_split valid) coprimep_map (checked_coprime valid).
move=> {kd}k kd; rewrite -degree_roots in kd *.
rewrite -checked_power_sum // -(checked_weights valid) // rmorph_sum; apply: eq_bigr => j _.
by rewrite rmorphM -(checked_split valid) -(map_polyXn iota) -[map_poly _ _ * _]rmorphM -map_modp coef_map.
Qed.

Theorem checked_certificate : certificate iota S f g H roots.
Proof.
split; [exact: checked_split | exact: checked_simple | exact: checked_eigen |].
have <- : embed (\sum_i \sum_(k < degree i) t i k *: H i k) = 1 by rewrite (checked_sum valid) map_mx1.
rewrite rmorph_sum; apply: eq_bigr => i _; rewrite rmorph_sum.
rewrite (eq_bigr (fun z => \sum_(k < degree i) (z ^+ k / (map_poly iota (g i)).[z]) *: embed (H i k))) => [|z _].
  rewrite exchange_big; apply: eq_bigr => k _ /=.
  by rewrite map_mxZ checked_root_sum // scaler_suml.
by rewrite /projector /numerator scaler_sumr; apply: eq_bigr => k _; rewrite scalerA mulrC.
Qed.

End Checked.
